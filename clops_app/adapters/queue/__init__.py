"""The durable queue: a job that was put is done, through crashes, by one worker at a time for each pull request.

One table of jobs and one of workers, in an SQLite file or in PostgreSQL; every decision is one transaction. A worker holds its jobs
by a lease that it renews; what a dead worker held waits again. dbos 3.4 was tried as the engine and left out: it has no leases; its
public take-over (`resume_workflow`) sets the count of attempts to 0, so that a job that kills its worker does so for ever; "one at a
time" and "newest only" exclude each other in it. All of that would be this table again, with dbos as a second copy of the state.
"""
