"""The country: people, institutions, an epidemic and a day's queries, around a running ministry."""
