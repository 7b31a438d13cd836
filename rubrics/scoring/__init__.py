"""The scoring method: pure, exact, free of any framework.

Everything is computed with `fractions.Fraction`; absence is a typed value (`spec.Absence`), never a number.
Use `parse.parse_bundle` or `parse.parse_rubric` for the way in, `assess.assess_proposal` for one proposal,
`output.to_json` and `output.exact_json` for the way out, and `cli.run` for the whole way on text.
"""
