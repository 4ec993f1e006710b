"""Modules that need an extra are not looked into for examples where the extra is not installed."""

from importlib.util import find_spec

collect_ignore_glob = [] if find_spec("cv2") else ["extract/decode/scan*.py"]
