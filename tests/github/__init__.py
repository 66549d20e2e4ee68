"""A strict, stateful GitHub on loopback, for tests and for a laptop; it knows nothing of the project it is used by.

`with server.running() as hub:` starts one over real bare repositories; `scene` holds what people do there, `hub.faults`,
`hub.limits`, `hub.clock` and `hub.outbox` what may go wrong. Every request, answer, webhook and GraphQL operation is checked
against GitHub's own documents (contracts/), and the block's end raises when anybody departed from them.
`python -m tests.github` starts one with a pull request to look at. Comments like B.1-5 name the rule a line keeps:
they are listed in contracts/README.md.
"""
