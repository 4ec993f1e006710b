"""What the people who read are told: what to type, and what not to look at."""

from __future__ import annotations

from string import Template

README = Template("""\
# 抽样核对 · $sample

随机抽取的 $number 格，请两个人各自对照原件读一遍，互不商量，也不看本站读出的数字。

1. 一人填 sheet-a.csv，另一人填 sheet-b.csv。只改
   `printed`（原件印的是什么）和 `note`（想说的话）两栏，其他栏不要改；行的次序可以变。
2. 每行的 `table`、`row`、`column` 说明是哪一格；`picture` 是 pictures/ 里的文件，`document` 是整份原件
   （表头可能在前一页），`where` 是我们找到它的地方。红框只是帮助：若框的不是那一行，以行名、列名为准，
   并在 `note` 里写一句。
3. `printed` 照原件写：

| 原件 | 写 |
|---|---|
| 数字 | 12，1,234，-3；全角、带千分位都可以 |
| 金额，单位与 `unit` 栏不同 | 连单位写：251000元 |
| 有格，格内无字 | 空白 |
| “/”、“—”、“无”等 | / |
| 原件没有这一格（缺行、缺列） | 缺格 |
| 有字，但认不出 | 难辨 |
| 图打不开，无法判断 | ? |

4. 用 Excel 或 WPS 保存为 CSV（UTF-8 最好），放回原文件夹。没有填的行会被退回。
5. 请不要把 sample.json 交给两位读者：里面有我们读出的数字。

两份都填好后运行：`gongkai sample --take 本文件夹`。两人不一致的格会写进 disputed.csv；
由第三人填 sheet-c.csv 定夺（同样不看前两人的答案），再运行一次。

# Sample $sample

$number cells drawn at random. Two people read each in the original, by themselves, without seeing what we read.

1. One fills in sheet-a.csv, the other sheet-b.csv. Only the columns `printed` (what the original prints) and `note` are
   changed; the order of the lines may be.
2. `table`, `row` and `column` name the cell; `picture` is a file in pictures/, `document` the whole original (a heading
   may stand a page before), `where` the place at which we found it. The red frame is a help: where it is around another
   row, the names hold; say so in `note`.
3. `printed`, as the original has it: a number (12, 1,234, -3, full width too); money in another unit than that of the
   column `unit` with its unit (251000元); an empty cell: 空白 or blank; "/", "—", 无 and the like: /; the document does
   not have the cell: 缺格 or absent; something that cannot be made out: 难辨 or unreadable; the picture does not open:
   ? (cannot judge).
4. Save as CSV (UTF-8 if there is a choice), in this folder. Lines left empty are sent back.
5. Keep sample.json from the readers: it has what we read.

When both are filled in: `gongkai sample --take FOLDER`. What the two disagree on goes to disputed.csv; a third person
decides it in sheet-c.csv, without seeing the two answers, and the command is run again.

Seed $seed, drawn on $drawn_on; cells of the database: SHA-256 $digest.
""")
