"""Reports for whoever answers for an institution or the consortium: figures alone, small ones hidden."""
