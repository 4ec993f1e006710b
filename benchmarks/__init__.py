"""What the figures in the README are measured with, each beside a peer or a limit in the same run. Not shipped."""
