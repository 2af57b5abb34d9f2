"""The main job: two offices' weeks through two sensors, and the story at the end is told."""
from meneki import Sensor, company


def test_exfiltration_is_told_with_pc_server_destination_amounts_and_files(masters, folder):
    master = masters()
    tokyo, truth = company(f"{folder}/logs-tokyo", "--seed", 1, "--story", "exfiltration")
    osaka, _ = company(f"{folder}/logs-osaka", "--seed", 2, "--subnet", "10.2", site="osaka")
    Sensor(master, "tokyo", f"{folder}/sensor-tokyo").replay(tokyo)
    Sensor(master, "osaka", f"{folder}/sensor-osaka").replay(osaka)
    story = next(entry for entry in truth if entry["kind"] == "exfiltration")
    # Alerts name the registered domain; the truth has the host below it.
    domain = story["destination"].split(".", 1)[1]

    alerts = [alert for alert in master.export("alerts", "--min-score", 70) if alert["site"] == "tokyo"]
    titles = {alert["model"]: alert for alert in alerts if domain in str(alert)}
    assert {"Anomalous Connection / Data Sent to Rare Domain", "Anomalous Connection / Download and Upload"} <= set(titles)
    download = titles["Anomalous Connection / Download and Upload"]
    assert any(story["device"].lower() in device.lower() for device in download["devices"])
    listed = {f'{row["path"]}\\{row["name"]}' for row in download["evidence"] if row["kind"] == "file"}
    read = {entry["name"] for entry in story["files"]}
    assert listed & read, "no file that was read is listed"

    incidents = [one for one in master.export("incidents") if domain in one["destinations"]]
    assert len(incidents) == 1 and incidents[0]["score"] >= 70
    assert not any(domain in str(alert) for alert in master.export() if alert["site"] == "osaka")
