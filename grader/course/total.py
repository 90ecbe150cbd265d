"""[tool.grader.total]: how the grades of the homeworks become one figure for the course."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from grader.errors import CourseError

WHOLE = 100.0


class TotalGroup(BaseModel):
    """One of [[tool.grader.total.groups]]: homeworks that are counted together.

    homeworks: their names; without any, all that no other group names. weight: percent of the
    total. Without any weights, a group weighs what its homeworks are worth. count: whether a
    homework weighs what it is worth, or all of the group the same. drop_lowest: so many homeworks
    are left out for each student, those that help the total most when they are. bonus: it can only
    raise the total, by up to its weight.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: str = Field(min_length=1)
    homeworks: tuple[str, ...] = Field(default=(), strict=False)
    weight: float | None = Field(default=None, gt=0, le=WHOLE)
    count: Literal["points", "equal"] = "points"
    drop_lowest: int = Field(default=0, ge=0)
    bonus: bool = False


class TotalRules(BaseModel):
    """[tool.grader.total]. groups: without any, all homeworks are one. rounding: the total, in
    percent, is a multiple of it. shown: whether students see their total so far, from the grades
    that they see.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    groups: tuple[TotalGroup, ...] = Field(default=(), strict=False)
    rounding: float = Field(default=0.01, gt=0, le=WHOLE, allow_inf_nan=False)
    shown: bool = True

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        names = [group.name for group in self.groups]
        if len({name.casefold() for name in names}) < len(names):
            raise ValueError("two groups have the same name; give each its own")
        homeworks = [name for group in self.groups for name in group.homeworks]
        twice = sorted({name for name in homeworks if homeworks.count(name) > 1})
        if twice:
            raise ValueError(f"{twice[0]!r} is named twice; a homework belongs to one group")
        if sum(not group.homeworks for group in self.groups) > 1:
            raise ValueError("only one group may leave out `homeworks`, for all other homeworks")
        weighed = [group.weight is not None for group in self.groups]
        if any(weighed) and not all(weighed):
            raise ValueError("give every group a weight, or none")
        if any(group.bonus for group in self.groups) and not any(weighed):
            raise ValueError("a bonus group needs a weight: by how many percent it raises at most")
        regular = [group for group in self.groups if not group.bonus]
        if self.groups and not regular:
            raise ValueError("every group is a bonus; at least one must not be")
        total = sum(group.weight or 0.0 for group in regular)
        if any(weighed) and abs(total - WHOLE) > 1e-9:
            raise ValueError(
                f"the weights of the groups without bonus add up to {total:g}, not to {WHOLE:g}"
            )
        return self

    def members(self, names: Sequence[str]) -> tuple[tuple[TotalGroup, tuple[str, ...]], ...]:
        """The groups with their homeworks, in the order of `names`, the course's.

        Raises CourseError for a homework that the course does not have.
        """
        named = {name for group in self.groups for name in group.homeworks}
        if unknown := sorted(named - set(names)):
            raise CourseError(
                f"[tool.grader.total] names a homework {unknown[0]!r}, which is not in the course; "
                f"there are: {', '.join(names)}"
            )
        rest = tuple(name for name in names if name not in named)
        return tuple(
            (group, tuple(n for n in names if n in group.homeworks) if group.homeworks else rest)
            for group in self.groups or (TotalGroup(name="Homeworks"),)
        )

    def left_out(self, names: Sequence[str]) -> tuple[str, ...]:
        """The course's homeworks that are part of no group, and so of no total."""
        counted = {name for _, homeworks in self.members(names) for name in homeworks}
        return tuple(name for name in names if name not in counted)
