"""One small encoder that reads an article once and proposes its entities and stances."""
