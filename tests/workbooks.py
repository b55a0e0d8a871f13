"""Excel workbooks for tests: made by openpyxl, or part by part where no program would write them."""

import io
import zipfile

import class_lists
import openpyxl

HEADER = class_lists.HEADER.split(",")
GOOD = class_lists.GOOD.split(",")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def workbook(*rows, change=None, title="Class list"):
    """Save rows as openpyxl does; `change(book, page)` may do more to them first."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = title
    for row in rows:
        page.append(row)
    if change:
        change(book, page)
    return saved(book)


def saved(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def packed(parts, *, compression=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def by_hand(sheet_data, *, before="", texts="", after=""):
    """Pack a workbook of one sheet with exactly this inside its `sheetData`."""
    return packed(parts(sheet_data, before=before, texts=texts, after=after))


def parts(sheet_data, *, before="", texts="", after=""):
    relation = f'Type="{_OFFICE}/{{}}" Target="{{}}"'.format
    relations = f'<Relationships xmlns="{_PACKAGE}">{{}}</Relationships>'.format
    return {
        "_rels/.rels": relations(f'<Relationship Id="r1" {relation("officeDocument", "xl/workbook.xml")}/>'),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        '<sheets><sheet name="List" sheetId="1" r:id="s1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            f'<Relationship Id="s1" {relation("worksheet", "worksheets/sheet1.xml")}/>'
            f'<Relationship Id="s2" {relation("sharedStrings", "/xl/sharedStrings.xml")}/>'
        ),
        "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}">{texts}</sst>',
        "xl/worksheets/sheet1.xml": f'{before}<worksheet xmlns="{_MAIN}"><sheetData>{sheet_data}</sheetData>'
        f"{after}</worksheet>",
    }


def inline(*cells):
    """Write a row of texts without places, as some exporters do."""
    return "<row>" + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in cells) + "</row>"
