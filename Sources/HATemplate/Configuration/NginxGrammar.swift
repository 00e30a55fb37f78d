/// nginx 1.22 and on: its core, http, stream and mail modules, and the modules that distributions ship beside them.
///
/// Made from the tables of commands in the program and its modules, and completed by the documents of later versions.
/// A block decides where a directive may stand, which nginx itself checks, so sections are families of modules here.
package enum NginxGrammar {
    package static let grammar = Grammar(table)

    /// Whether a block holds text of another language.
    package static func isForeignBlock(_ name: String) -> Bool {
        grammar.directives(named: name).contains { $0.opensBlock && $0.kinds.contains(.foreign) }
    }

    private static let table = """
        [core]
        flag: accept_mutex daemon master_process multi_accept pcre_jit quic_bpf
        number: accept_mutex_delay debug_points epoll_events timer_resolution worker_aio_requests worker_connections
        number: worker_priority worker_processes worker_rlimit_core worker_rlimit_nofile worker_shutdown_timeout
        text*: debug_connection thread_pool use user worker_cpu_affinity ssl_object_cache_inheritable
        served: working_directory
        text: env
        output: lock_file pid google_perftools_profiles
        log text*: error_log
        library: load_module ssl_engine
        include: include
        {: events http stream mail

        [http]
        {: server
        address text*: listen server
        name*: server_name
        location location {: location
        upstream {: upstream
        text* {: limit_except
        text text* {: if
        text variable {: map types split_clients charset_map match
        variable variable {: geo
        flag: absolute_redirect aio_write autoindex autoindex_exact_size autoindex_localtime
        flag: chunked_transfer_encoding client_body_in_single_buffer create_full_put_path etag gunzip gzip
        flag: gzip_no_buffer gzip_vary http2 http2_push_preload http3 http3_hq ignore_invalid_headers
        flag: limit_conn_dry_run limit_req_dry_run log_not_found log_subrequest merge_slashes mirror_request_body
        flag: mp4_start_key_frame msie_padding msie_refresh open_file_cache_errors open_file_cache_events
        flag: override_charset port_in_redirect quic_gso quic_retry random_index real_ip_recursive
        flag: recursive_error_pages reset_timedout_connection rewrite_log sendfile server_name_in_redirect ssi
        flag: ssi_ignore_recycled_buffers ssi_last_modified ssi_silent_errors ssl ssl_early_data ssl_ocsp
        flag: ssl_prefer_server_ciphers ssl_preread ssl_reject_handshake ssl_session_tickets ssl_stapling
        flag: ssl_stapling_verify sub_filter_last_modified sub_filter_once tcp_nodelay tcp_nopush
        flag: underscores_in_headers uninitialized_variable_warn
        number number: auth_delay autoindex_format client_body_buffer_size client_body_in_file_only
        number number: client_body_timeout client_header_buffer_size client_header_timeout client_max_body_size
        number number: connection_pool_size directio directio_alignment gunzip_buffers gzip_buffers gzip_comp_level
        number number: gzip_hash gzip_http_version gzip_min_length gzip_static gzip_window http2_body_preread_size
        number number: http2_chunk_size http2_idle_timeout http2_max_concurrent_pushes http2_max_concurrent_streams
        number number: http2_max_field_size http2_max_header_size http2_max_requests http2_pool_size
        number number: http2_recv_buffer_size http2_recv_timeout http2_streams_index_size
        number number: http3_max_concurrent_streams http3_stream_buffer_size if_modified_since keepalive keepalive_requests
        number number: keepalive_time keepalive_timeout keepalive_min_timeout large_client_header_buffers
        number number: limit_conn_log_level limit_conn_status limit_rate limit_rate_after limit_req_log_level
        number number: limit_req_status lingering_close lingering_time lingering_timeout map_hash_bucket_size
        number number: map_hash_max_size max_headers max_ranges min_delete_depth mp4_buffer_size mp4_max_buffer_size
        number number: open_file_cache open_file_cache_min_uses open_file_cache_valid output_buffers postpone_gzipping
        number number: postpone_output preread_buffer_size preread_timeout quic_active_connection_id_limit read_ahead
        number number: referer_hash_bucket_size referer_hash_max_size request_pool_size resolver_timeout satisfy
        number number: send_lowat send_timeout sendfile_max_chunk server_names_hash_bucket_size
        number number: server_names_hash_max_size server_tokens slice ssi_min_file_chunk ssi_value_length
        number number: ssl_buffer_size ssl_handshake_timeout ssl_session_timeout ssl_verify_client ssl_verify_depth
        number number: subrequest_output_buffer_size types_hash_bucket_size types_hash_max_size userid userid_service
        number number: variables_hash_bucket_size variables_hash_max_size
        text*: add_header add_trailer addition_types aio allow ancient_browser ancient_browser_value auth_basic
        text*: auth_request_set charset charset_types dav_access dav_methods default_type deny disable_symlinks
        text*: early_hints expires flv gzip_proxied gzip_types hash http2_push internal ip_hash break
        text*: keepalive_disable least_conn least_time limit_conn limit_conn_zone limit_req limit_req_zone modern_browser
        text*: modern_browser_value mp4 open_log_file_cache queue random real_ip_header return secure_link secure_link_md5
        text*: secure_link_secret set_real_ip_from slow_start source_charset ssi_types ssl_alpn ssl_ciphers
        text*: ssl_ecdh_curve ssl_ocsp_cache ssl_protocols ssl_session_cache ssl_certificate_cache ssl_certificate_compression
        text*: status_zone sticky stub_status sub_filter sub_filter_types userid_domain userid_expires userid_flags
        text*: userid_mark userid_name userid_p3p userid_path valid_referers zone empty_gif default hostnames volatile
        text*: ssl_ocsp_responder ssl_stapling_responder health_check health_check_timeout num_map state_zone
        format*: log_format
        variable format: set
        page text*: add_after_body add_before_body auth_request mirror post_action
        served*: alias auth_basic_user_file root
        page*: index try_files error_page
        regex text text: rewrite
        regex*: fastcgi_split_path_info gzip_disable
        address*: resolver
        log text*: access_log
        certificate: ssl_certificate ssl_client_certificate ssl_crl ssl_dhparam ssl_stapling_file
        certificate: ssl_trusted_certificate
        key: ssl_certificate_key
        certificate: ssl_password_file ssl_session_ticket_key quic_host_key
        openssl text: ssl_conf_command
        store number*: client_body_temp_path
        output: ssl_key_log state

        [proxy_ fastcgi_ uwsgi_ scgi_ grpc_ memcached_]
        url: pass
        flag: buffering cache_background_update cache_convert_head cache_lock cache_revalidate force_ranges
        flag: half_close ignore_client_abort intercept_errors keep_conn pass_request_body pass_request_headers
        flag: pass_trailers protocol request_buffering request_dynamic socket_keepalive ssl ssl_server_name
        flag: ssl_session_reuse ssl_verify allow_upstream
        number number: buffer_size buffers busy_buffers_size cache_lock_age cache_lock_timeout cache_max_range_offset
        number number: cache_min_uses connect_timeout download_rate downstream_buffer gzip_flag
        number number: headers_hash_bucket_size headers_hash_max_size http_version limit_rate max_temp_file_size
        number number: modifier1 modifier2 next_upstream_timeout next_upstream_tries protocol_timeout read_timeout
        number number: requests responses send_lowat send_timeout ssl_verify_depth temp_file_write_size timeout
        number number: upload_rate upstream_buffer
        text*: bind cache cache_bypass cache_key cache_methods cache_use_stale cache_valid catch_stderr
        text*: cookie_domain cookie_flags cookie_path hide_header ignore_headers index method next_upstream no_cache
        text*: param pass_header redirect set_body set_header ssl_alpn ssl_certificate_cache ssl_ciphers ssl_name
        text*: ssl_protocols store_access string bind_dynamic
        served: store
        certificate: ssl_certificate ssl_crl ssl_trusted_certificate ssl_password_file
        key: ssl_certificate_key
        openssl text: ssl_conf_command
        output: ssl_key_log
        store text*: cache_path temp_path

        [mail]
        text*: auth_http auth_http_header auth_http_pass_client_cert auth_http_timeout imap_auth imap_capabilities
        text*: imap_client_buffer pop3_auth pop3_capabilities protocol smtp_auth smtp_capabilities smtp_client_buffer
        text*: smtp_greeting_delay starttls timeout xclient max_commands

        [modules]
        # geoip, geoip2, image-filter, xslt, headers-more, brotli, subs-filter
        file text*: geoip_city geoip_country geoip_org xslt_stylesheet
        file {: geoip2
        text*: geoip_proxy geoip_proxy_recursive image_filter image_filter_* xslt_last_modified xslt_param xslt_string_param
        text*: xslt_types more_clear_headers more_clear_input_headers more_set_headers more_set_input_headers brotli
        text*: brotli_* subs_filter subs_filter_bypass subs_filter_types zstd zstd_comp_level zstd_types
        # lua
        flag: access_by_lua_no_postpone lua_check_client_abort lua_code_cache lua_http10_buffering lua_load_resty_core
        flag: lua_need_request_body lua_sa_restart lua_socket_log_errors lua_transform_underscores_in_response_headers
        flag: lua_use_default_type rewrite_by_lua_no_postpone
        text text: lua_capture_error_log lua_malloc_trim lua_max_* lua_regex_* lua_shared_dict lua_socket_*
        text*: lua_ssl_ciphers lua_ssl_protocols lua_ssl_verify_depth lua_thread_cache_max_entries
        text*: lua_worker_thread_vm_pool_size
        certificate: lua_ssl_certificate lua_ssl_crl lua_ssl_trusted_certificate
        key: lua_ssl_certificate_key
        openssl text: lua_ssl_conf_command
        code: lua_package_cpath lua_package_path
        foreign*: access_by_lua body_filter_by_lua content_by_lua exit_worker_by_lua header_filter_by_lua init_by_lua
        foreign*: init_worker_by_lua log_by_lua perl rewrite_by_lua
        variable foreign text*: perl_set set_by_lua
        code*: access_by_lua_file balancer_by_lua_file body_filter_by_lua_file content_by_lua_file
        code*: exit_worker_by_lua_file header_filter_by_lua_file init_by_lua_file init_worker_by_lua_file
        code*: log_by_lua_file preread_by_lua_file rewrite_by_lua_file server_rewrite_by_lua_file set_by_lua_file
        code*: ssl_certificate_by_lua_file ssl_client_hello_by_lua_file ssl_session_fetch_by_lua_file
        code*: ssl_session_store_by_lua_file
        foreign {: access_by_lua_block balancer_by_lua_block body_filter_by_lua_block content_by_lua_block
        foreign {: exit_worker_by_lua_block header_filter_by_lua_block init_by_lua_block init_worker_by_lua_block
        foreign {: log_by_lua_block preread_by_lua_block rewrite_by_lua_block server_rewrite_by_lua_block
        foreign {: set_by_lua_block ssl_certificate_by_lua_block ssl_client_hello_by_lua_block
        foreign {: ssl_session_fetch_by_lua_block ssl_session_store_by_lua_block
        # perl, njs, passenger, rtmp
        code*: js_access js_content js_filter js_import js_include js_path js_periodic js_preload_object js_preread
        code*: js_set js_var
        code*: perl_modules perl_require js_* passenger_* exec exec_*
        """
}
