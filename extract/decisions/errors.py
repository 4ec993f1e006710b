"""What the reading of decisions raises: each message names the file and says what to do next."""


class DecisionError(Exception):
    """A file of decisions cannot be used as it is written; nothing is read or published until it is mended."""
