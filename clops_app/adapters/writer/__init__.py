"""The writer port: three providers of language models behind one agent. No provider's code is imported before it is asked."""
