"""A small tracker that speaks GitHub's REST API and sends GitHub's webhooks, with pages to work in: one repository."""
