"""A random sample of cells, read by two people against the originals -> how often we are wrong, in public.

The data's way: ``population`` (how many cells of each kind) -> ``draw`` (which of them) -> ``folder`` (sheets and
pictures for the readers) -> ``answers`` and ``take`` (what they typed) -> ``rates`` -> ``result`` (config/accuracy).
``command`` is ``gongkai sample``. What was published is read again by ``extract.accuracy``.
"""
