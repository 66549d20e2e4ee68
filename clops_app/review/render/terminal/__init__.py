"""What a person sees in a terminal, written through the rich Console that is passed in.

The console decides colour, width and whether there is a terminal at all; nothing here asks the environment.
"""
