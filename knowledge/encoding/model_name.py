"""Which embedding model is configured, and the name under which its embeddings are kept; imports nothing heavy."""

import hashlib
from pathlib import Path

from knowledge.errors import StadtlotseError
from knowledge.settings import Settings

SHIPPED = "multilingual-e5-small"
MODEL_VARIABLE = "STADTLOTSE_EMBEDDING_MODEL"
# How models are run, as part of their embeddings' name: change it whenever the same text gets another embedding.
_ENCODING = "int8"


def model_id(settings: Settings) -> str:
    """Name under which the embeddings of the configured model are kept; takes milliseconds, loads no model.

    For a folder the name contains a fingerprint of its files, so that a model changed in place is noticed.
    """
    if not settings.embedding_model:
        return f"{SHIPPED}+{_ENCODING}"
    folder = folder_named(settings.embedding_model)
    return f"{f'{folder.name}@{_fingerprint(folder)}' if folder else settings.embedding_model}+{_ENCODING}"


def folder_named(name: str) -> Path | None:
    """The folder that a setting names, None when it is a model of the hub; `StadtlotseError` where it is missing."""
    folder = Path(name).expanduser().resolve()
    if folder.is_dir():
        return folder
    if name.startswith((".", "~", "/")) or name.count("/") > 1:
        raise StadtlotseError(
            f"The folder {name} from {MODEL_VARIABLE} does not exist: name a model's folder or a hub model."
        )
    return None


def _fingerprint(folder: Path) -> str:
    """Hash over the sizes of the model's files and samples of their content: whole files would take too long."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".json", ".txt", ".model", ".safetensors", ".bin"} and path.is_file():
            size = path.stat().st_size
            digest.update(f"{path.relative_to(folder)}\0{size}\0".encode())
            with path.open("rb") as file:
                for position in range(0, size, max(4096, size // 16)):
                    file.seek(position)
                    digest.update(file.read(4096))
    return digest.hexdigest()[:12]
