"""GitHub, as the ports `PullRequests`, `Conversation`, `Forge` and `Forges` ask for it.

Requests go through githubkit's plain `request`; answers are read from their JSON, of which only the fields we use need
be there (githubkit's typed models refuse GitHub's own examples). Import the modules when they are used: githubkit alone
takes a third of a second. Rules of GitHub that code here rests on have their source beside them.
"""
