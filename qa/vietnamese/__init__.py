"""What is known of the language and the country."""
