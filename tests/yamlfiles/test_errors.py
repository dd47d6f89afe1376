"""What is wrong in a YAML file is told with line, key and the near miss, all of it at once."""

from tests.helpers.partners_file import Faults, line_of


def test_a_typo_in_a_key_gets_its_line_and_the_near_miss(faults: Faults) -> None:
    assert faults(("deadlines:\n", "deadines:\n")) == [
        f'partners.yaml:{line_of("    deadlines:")}: partner "first": '
        'deadines: unknown key "deadines", did you mean "deadlines"?'
    ]


def test_all_faults_are_told_at_once_in_the_order_of_lines(faults: Faults) -> None:
    lines = faults(
        ("min_gpa: 3.2", "min_gpa: 5.2"),
        ("city: Oslo", "citty: Oslo"),
        ("autumn: 04-30", "autumn: 02-30"),
        ("toefl: 65", "toefl: many"),
    )
    numbers = [int(line.split(":")[1]) for line in lines]
    assert len(lines) == 4  # citty is told as unknown, and not again as a missing city
    assert numbers == sorted(numbers)
