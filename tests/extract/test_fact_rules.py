"""config/facts.json as records; a file that is none says which rule is wrong."""

import json

import pytest

from extract.fact_rules import CONFIG, FactRuleError, load_fact_rules


def test_every_key_has_both_labels_units_and_words_that_its_patterns_hold():
    rules = load_fact_rules().rules
    assert len({rule.key for rule in rules}) > 50
    for rule in rules:
        assert rule.label_zh
        assert rule.label_en
        assert rule.units
        assert rule.words or not (rule.patterns or rule.none)


def test_keys_that_rules_name_are_keys():
    rules = load_fact_rules().rules
    keys = {rule.key for rule in rules}
    for rule in rules:
        assert set(rule.parts_of) <= keys
        assert {key for key in rule.yields_to if not key.endswith("*")} <= keys
    with pytest.raises(KeyError):
        load_fact_rules().rule("no such key")


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda rules: rules[3].pop("units"), "units"),
        (lambda rules: rules[3].update(patterns=["("]), "unterminated"),
        (lambda rules: rules[3].update(patterns=["{nothing}"]), "nothing"),
        (lambda rules: rules[3].update(skip=7), "TypeError"),
    ],
)
def test_a_wrong_rule_is_named_with_its_file(tmp_path, damage, said):
    data = json.loads(CONFIG.read_text("utf-8"))
    damage(data["rules"])
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(data), "utf-8")
    with pytest.raises(FactRuleError) as raised:
        load_fact_rules(path)
    message = str(raised.value)
    assert message.startswith(f"facts.json: {data['rules'][3]['key']}: ")
    assert said in message


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"vocabulary": {}, "rules": [1]}'])
def test_a_file_that_is_none_is_told_by_name(tmp_path, text):
    path = tmp_path / "facts.json"
    path.write_text(text, "utf-8")
    with pytest.raises(FactRuleError, match=r"^facts\.json: "):
        load_fact_rules(path)
