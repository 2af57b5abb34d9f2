/// The version that the sensor tells its master.
public enum SensorVersion {
    public static let text = "0.1.0"
}
