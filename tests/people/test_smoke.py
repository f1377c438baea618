from tests import make

def test_a_person_can_be_made(app):
    team = make.team()
    person = make.person("Chen", team=team, roles=("mentor",), tier="regular")
    assert person.team is team
    assert person.stage == "agent"
    assert person.tier == "regular"

def test_home_asks_to_sign_in(client):
    assert client.get("/").status_code == 303
