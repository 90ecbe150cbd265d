"""What a browser or a platform asks of this server: launches, links, notices, the owners' pages."""
