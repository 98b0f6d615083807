//! EventBridge event patterns and SNS filter policies: one matcher, two dialects.
