"""Accounts, teams, roles, sign-in and sessions."""
