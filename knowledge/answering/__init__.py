"""From a question in its conversation to an answer: what it leans on, what it gets, and how that is put."""
