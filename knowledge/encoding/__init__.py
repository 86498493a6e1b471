"""Text to embedding: the model and its cache, its graph for OpenVINO, and PyTorch for what has none."""

from pathlib import Path

QUERY_ADAPTER = Path(__file__).with_name("query_adapter.safetensors")
