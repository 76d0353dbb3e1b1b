"""The PDF engine: any exhibit in, merged and Bates-stamped PDFs out.

    from stamping.prepare import prepare_all   # files → Renditions, safe to merge
    from stamping.engine import assemble       # Parts → one numbered PDF

Values are in `stamping.values`, numbers in `stamping.bates`. It knows no case,
no database, no jurisdiction.
"""
