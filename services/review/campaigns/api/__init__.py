"""HTTP of campaigns: plans and enrolment, first assessment and panel, levels, public notice, naming, report."""
