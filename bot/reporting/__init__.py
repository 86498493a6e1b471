"""What people asked, what came of it, and what it says about the documents."""
