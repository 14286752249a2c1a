"""Pilot studies with consent: set up, agreed, asked about, watched for harm, and undone."""
