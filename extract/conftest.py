"""Without the extra [ocr] its modules cannot be imported, and pytest has no doctests of theirs to look for."""

from importlib.util import find_spec

collect_ignore_glob = [] if find_spec("cv2") and find_spec("rapidocr") else ["decode/scan*.py"]
