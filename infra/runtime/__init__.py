"""A service as a process: it starts without waiting and stops by draining; deadlines, jobs, supervision."""
