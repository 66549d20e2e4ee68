"""Floor 6, everything to one Review, and the Review to words: markdown, terminal, SARIF, JSON, Mermaid.

Imports patch and lower. Pure: the same input gives the same bytes.
"""
