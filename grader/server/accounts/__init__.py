"""Who somebody is: accounts, invitations, sign-in at a provider, visits, and whose what is."""
