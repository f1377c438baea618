"""Performance: KPI schemes, monthly figures, inspected chats, scores."""
