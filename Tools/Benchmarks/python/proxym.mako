global
    maxconn 4096

defaults
    mode http
    timeout connect 5s
    timeout client 50s
    timeout server 50s

frontend http-in
    bind :80
% for s in services:
% if s.ApplicationProtocol == "http":
<% id = s.Id %>
% for domain in s.Domains:

    acl host_${id} hdr(host) -i ${domain}
% endfor

    use_backend ${id}_cluster if host_${id}
% endif
% endfor


% for s in services:
% if s.ApplicationProtocol == "http":
<% id = s.Id %>
backend ${id}_cluster
${s.Config}
% for h in s.Hosts:

    server ${id}-${h.Ip}-${h.Port} ${h.Ip}:${h.Port} check
% endfor
% endif
% endfor


% for s in services:
% if s.ApplicationProtocol != "http":
<% id = s.Id %>
listen ${id}
    mode tcp
    bind :${s.ServicePort or s.Port}
% for h in s.Hosts:

    server ${id}-${h.Ip}-${h.Port} ${h.Ip}:${h.Port} check
% endfor
% endif
% endfor

