"""What is kept of people: found, told, handed over and forgotten."""
