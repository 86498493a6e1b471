"""Text to embedding on a processor: a model's folder, its graph for OpenVINO, and PyTorch for what has none."""
