"""From a question to the passages and sentences that may answer it, and how sure that is."""
