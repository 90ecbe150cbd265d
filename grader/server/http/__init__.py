"""Requests and answers: from a connection to an endpoint and back, whatever the page is."""
