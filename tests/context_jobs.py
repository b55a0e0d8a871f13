"""Work for the limited child that counts what the child has to prepare."""

from ob3.expansion import context_set
from verifier.canonical import _canonical_form


def contexts_processed(unsigned, extra):
    """Make a canonical form; give how many contexts PyLD processed for it, and had processed before."""
    contexts = context_set(extra)
    before = len(contexts._memory)
    _canonical_form(unsigned, extra, allow_keywords=False, learn=True)
    return len(contexts._memory) - before, before
