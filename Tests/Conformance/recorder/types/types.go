// Package types has proxym's service model, for the cases whose dot is typed.
package types

// Host is one place where a service runs.
type Host struct {
	Ip   string
	Port int
}

// Service is what proxym hands to a template, one for each service.
type Service struct {
	Id                  string
	ApplicationProtocol string
	TransportProtocol   string
	Domains             []string
	ProxyPath           string
	Port                int
	ServicePort         int
	Hosts               []Host
	Config              string
	Source              string
}

// ListenPort is the port that the proxy listens on: ServicePort, or Port when that is 0.
func (s Service) ListenPort() int {
	if s.ServicePort != 0 {
		return s.ServicePort
	}
	return s.Port
}
