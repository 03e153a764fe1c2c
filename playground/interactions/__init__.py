"""What people do with the app: clicks, submissions, shortcuts, commands, as payloads that Slack would send."""
