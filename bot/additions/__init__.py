"""What an operator adds: documents, questions for the evaluation, examples for the dialogue."""
