"""Whether a homework is fit to be handed out, and the skeleton of a new one."""
