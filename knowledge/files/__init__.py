"""Files and folders: written whole or not at all, checked by their hashes, read where they lie."""
