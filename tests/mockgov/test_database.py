import sqlalchemy as sa
def test_db(database):
    m=sa.MetaData(); t=sa.Table("t",m,sa.Column("a",sa.Integer,primary_key=True))
    database.create(m)
    with database.transaction():
        database.connection.execute(t.insert(),[{"a":1},{"a":2}])
    try:
        with database.transaction():
            database.connection.execute(t.insert(),[{"a":3}])
            raise ValueError
    except ValueError: pass
    assert database.connection.execute(sa.select(t.c.a)).scalars().all()==[1,2]
