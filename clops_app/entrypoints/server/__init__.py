"""The App: GitHub's events come in by HTTP, are kept in a queue, and answered at once; workers do what they ask.

`run` is the only place where adapters are built; `application` is given them as `Parts` and builds nothing. Everything
third-party that only a server needs is imported below this package alone, so `clops --help` pays for none of it.
"""
