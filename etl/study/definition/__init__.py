"""What a study has, as a file."""
