"""What people asked: kept without the person, grouped by meaning, and made into answers by the publicity desk."""
