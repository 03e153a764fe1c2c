"""What happens in the workspace, whoever makes it happen: the state changes, pages and the app hear of it."""
