"""A chat assistant for news verification: every sentence cites a passage, every quotation is proved."""

__version__ = "0.1.0"
