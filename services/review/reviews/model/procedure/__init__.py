"""The steps as data: what a sound procedure says, its publication, its dry run and its picture."""
