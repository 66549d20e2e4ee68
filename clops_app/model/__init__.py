"""Floor 0, the nouns: frozen values that every other floor speaks in.

Imports nothing but the standard library, does nothing but hold. A noun that needs a file, a clock or a
third party to exist belongs higher up. Units and shapes are in names and types, because rules, bill,
patch and review read the same objects and must not each guess.
"""
